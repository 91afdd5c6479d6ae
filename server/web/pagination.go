package web

import (
	"net/url"
	"strconv"
)

// Pagination leads through a list of more than one page. Part "pagination"; it draws nothing for a single page.
type Pagination struct {
	Previous, Next string // addresses; "" = none
	Pages          []PageLink
}

// PageLink is one numbered page; Gap stands for the ones left out.
type PageLink struct {
	Number  int
	Href    string
	Current bool
	Gap     bool
}

// PageNumber reads ?page=. Anything that is no page is page 1 and is never shown again.
func PageNumber(f *Form) int {
	n, err := strconv.Atoi(f.Value("page"))
	if err != nil || n < 1 || n > 100_000 {
		return 1
	}
	return n
}

// Paginate makes the links for page number current of total items, size to a page. query holds the list's filters.
func Paginate(current, total, size int, query url.Values) Pagination {
	last := (total + size - 1) / size
	if last <= 1 {
		return Pagination{}
	}
	href := func(n int) string {
		q := url.Values{}
		for name, values := range query {
			q[name] = values
		}
		q.Set("page", strconv.Itoa(n))
		return "?" + q.Encode()
	}
	var p Pagination
	if current > 1 {
		p.Previous = href(min(current-1, last))
	}
	if current < last {
		p.Next = href(current + 1)
	}
	for n := 1; n <= last; n++ {
		near := n == 1 || n == last || n >= current-1 && n <= current+1
		if near {
			p.Pages = append(p.Pages, PageLink{Number: n, Href: href(n), Current: n == current})
		} else if !p.Pages[len(p.Pages)-1].Gap {
			p.Pages = append(p.Pages, PageLink{Gap: true})
		}
	}
	return p
}
