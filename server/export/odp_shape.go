package export

import (
	"encoding/json"

	"github.com/yousaid/yousaid/server/consult"
)

// ODPApplication is a planning application as Open Digital Planning publishes one (postSubmissionPublishedApplication 0.7.7). Nothing of
// applicant, agent or case officer is in it. What the vocabulary has no member for is in YouSaid; docs/exchange.md lists both.
type ODPApplication struct {
	ApplicationType string        `json:"applicationType"`
	Data            ODPData       `json:"data"`
	Comments        *ODPComments  `json:"comments,omitempty"`
	Files           []ODPFile     `json:"files"`
	Submission      ODPSubmission `json:"submission"`
	Metadata        ODPMetadata   `json:"metadata"`
	YouSaid         Addition      `json:"yousaid"`
}

// ODPData is what the authority knows of it.
type ODPData struct {
	Application struct {
		Reference       string `json:"reference"`
		Stage           string `json:"stage"`
		Status          string `json:"status"`
		PublishedAt     string `json:"publishedAt,omitempty"`
		WithdrawnAt     string `json:"withdrawnAt,omitempty"`
		WithdrawnReason string `json:"withdrawnReason,omitempty"`
	} `json:"application"`
	LocalPlanningAuthority struct {
		CommentsUntilDecision bool `json:"publicCommentsAcceptedUntilDecision"`
	} `json:"localPlanningAuthority"`
	Submission struct {
		SubmittedAt string `json:"submittedAt,omitempty"`
	} `json:"submission"`
	Validation   *ODPValidation   `json:"validation,omitempty"`
	Consultation *ODPConsultation `json:"consultation,omitempty"`
	Assessment   *ODPAssessment   `json:"assessment,omitempty"`
	Appeal       *ODPAppeal       `json:"appeal,omitempty"`
	CaseOfficer  ODPCaseOfficer   `json:"caseOfficer"`
}

// ODPValidation is when it came and was found valid.
type ODPValidation struct {
	ReceivedAt  string `json:"receivedAt,omitempty"`
	ValidatedAt string `json:"validatedAt,omitempty"`
	IsValid     bool   `json:"isValid"`
}

// ODPConsultation is the latest round; the others are in the addition.
type ODPConsultation struct {
	StartDate  consult.Date `json:"startDate"`
	EndDate    consult.Date `json:"endDate"`
	SiteNotice bool         `json:"siteNotice"`
}

// ODPAssessment is how it was decided.
type ODPAssessment struct {
	ExpiryDate            consult.Date `json:"expiryDate,omitempty"`
	OfficerDecision       string       `json:"planningOfficerDecision,omitempty"`
	OfficerDecisionDate   consult.Date `json:"planningOfficerDecisionDate,omitempty"`
	CommitteeSentDate     consult.Date `json:"committeeSentDate,omitempty"`
	CommitteeDecision     string       `json:"committeeDecision,omitempty"`
	CommitteeDecisionDate consult.Date `json:"committeeDecisionDate,omitempty"`
	DecisionNotice        *ODPLink     `json:"decisionNotice,omitempty"`
}

// ODPLink is an address.
type ODPLink struct {
	URL string `json:"url"`
}

// ODPAppeal is what became of an appeal.
type ODPAppeal struct {
	Reason       string       `json:"reason,omitempty"`
	LodgedDate   consult.Date `json:"lodgedDate,omitempty"`
	DecisionDate consult.Date `json:"decisionDate,omitempty"`
	Decision     string       `json:"decision,omitempty"`
}

// ODPCaseOfficer names the team, never a person.
type ODPCaseOfficer struct {
	Name string `json:"name"`
}

// ODPFile is a published document.
type ODPFile struct {
	ID          int      `json:"id"`
	Name        string   `json:"name"`
	Association string   `json:"association"`
	Version     int      `json:"version"`
	Type        []string `json:"type"`
	RedactedURL string   `json:"redactedUrl"`
	Metadata    struct {
		Size struct {
			Bytes int `json:"bytes"` // 0 = not known here: the document lies elsewhere
		} `json:"size"`
		MimeType    string `json:"mimeType"`
		CreatedAt   string `json:"createdAt,omitempty"`
		SubmittedAt string `json:"submittedAt,omitempty"`
		PublishedAt string `json:"publishedAt,omitempty"`
	} `json:"metadata"`
}

// ODPSubmission is what was applied for and where. Who applied is left out.
type ODPSubmission struct {
	ApplicationType string `json:"applicationType"`
	Data            struct {
		Property ODPProperty `json:"property"`
		Proposal struct {
			Description string `json:"description"`
		} `json:"proposal"`
	} `json:"data"`
}

// ODPProperty is the site.
type ODPProperty struct {
	Address struct {
		Latitude   *float64 `json:"latitude,omitempty"`
		Longitude  *float64 `json:"longitude,omitempty"`
		X          *float64 `json:"x,omitempty"` // National Grid metres
		Y          *float64 `json:"y,omitempty"`
		Title      string   `json:"title"`
		SingleLine string   `json:"singleLine"`
		UPRN       string   `json:"uprn,omitempty"`
		Postcode   string   `json:"postcode,omitempty"`
	} `json:"address"`
	Ward     string `json:"ward,omitempty"`
	Boundary *struct {
		Site ODPFeature `json:"site"`
		Area struct {
			Hectares     float64 `json:"hectares"`
			SquareMetres float64 `json:"squareMetres"`
		} `json:"area"`
	} `json:"boundary,omitempty"`
}

// ODPFeature is a GeoJSON feature.
type ODPFeature struct {
	Type       string          `json:"type"`
	Geometry   json.RawMessage `json:"geometry"`
	Properties any             `json:"properties"`
}

// ODPMetadata says which record this is. GeneratedAt is when the record last changed, so that the same data makes the same answer.
type ODPMetadata struct {
	Organisation string `json:"organisation"`
	ID           string `json:"id"`
	SubmittedAt  string `json:"submittedAt,omitempty"`
	GeneratedAt  string `json:"generatedAt"`
	Schema       string `json:"schema"`
}

// ODPAnswer is how a register's API answers (ApiResponse).
type ODPAnswer struct {
	Data       any            `json:"data"`
	Pagination *ODPPagination `json:"pagination,omitempty"`
	Status     ODPStatus      `json:"status"`
}

// ODPPagination says which page of how many an answer is. Pages are counted from 1.
type ODPPagination struct {
	ResultsPerPage int `json:"resultsPerPage"`
	CurrentPage    int `json:"currentPage"`
	TotalPages     int `json:"totalPages"`
	TotalResults   int `json:"totalResults"`
	TotalAvailable int `json:"totalAvailableItems"`
}

// ODPStatus is the status of the answer, once more.
type ODPStatus struct {
	Code    int    `json:"code"`
	Message string `json:"message"`
}

// ODPFound wraps what was found.
func ODPFound(data any, p *ODPPagination) ODPAnswer {
	return ODPAnswer{Data: data, Pagination: p, Status: ODPStatus{200, "OK"}}
}
