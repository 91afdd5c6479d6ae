package server

import "github.com/yousaid/yousaid/server/consult"

// RouteInfo is one line of the table of routes, for whoever checks all of them: the API's description, the policy, the browser tests.
type RouteInfo struct {
	Method string         // GET stands for HEAD too
	Path   string         // with parameters as ":name"
	Action consult.Action // who may
	Kind   string         // "page", "machine", "one-click" or "stream"
}

// Routes lists every address of the site in the order of routes.go. No site needs to run for it.
func Routes() []RouteInfo {
	var unopened App // the table names handlers and calls none
	var list []RouteInfo
	for _, r := range unopened.routes() {
		list = append(list, RouteInfo{Method: r.method, Path: r.path, Action: r.action, Kind: r.kind.String()})
	}
	return list
}

func (k routeKind) String() string {
	return [...]string{page: "page", machine: "machine", oneClick: "one-click", stream: "stream"}[k]
}
