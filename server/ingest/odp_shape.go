package ingest

import "encoding/json"

// odpFile is what we read of an Open Digital Planning file, post-submission (published or not) or application, 0.7.x. Members that
// are not named here are ignored, as the schema grows. The case officer is not named on purpose.
type odpFile struct {
	ApplicationType coded `json:"applicationType"`
	Data            struct {
		odpSite
		Application odpApplication `json:"application"`
		Submission  struct {
			SubmittedAt string `json:"submittedAt"`
		} `json:"submission"`
		Validation *struct {
			ReceivedAt  string `json:"receivedAt"`
			ValidatedAt string `json:"validatedAt"`
			IsValid     *bool  `json:"isValid"`
		} `json:"validation"`
		Consultation *struct {
			StartDate string `json:"startDate"`
			EndDate   string `json:"endDate"`
		} `json:"consultation"`
		Assessment *odpAssessment `json:"assessment"`
		Appeal     *odpAppeal     `json:"appeal"`
	} `json:"data"`
	Submission *struct {
		ApplicationType coded   `json:"applicationType"`
		Data            odpSite `json:"data"`
	} `json:"submission"`
	Comments struct {
		Public struct {
			Comments []saidComment `json:"comments"`
		} `json:"public"`
		Specialist struct {
			Comments []json.RawMessage `json:"comments"`
		} `json:"specialist"`
	} `json:"comments"`
	Files    []odpDocument `json:"files"`
	Metadata struct {
		Organisation string `json:"organisation"`
		ID           string `json:"id"`
		SubmittedAt  string `json:"submittedAt"`
		GeneratedAt  string `json:"generatedAt"`
		Schema       string `json:"schema"`
	} `json:"metadata"`
	YouSaid *addition `json:"yousaid"`
}

type odpAppeal struct {
	Reason       string `json:"reason"`
	LodgedDate   string `json:"lodgedDate"`
	DecisionDate string `json:"decisionDate"`
	Decision     string `json:"decision"`
}

type odpApplication struct {
	Type            coded  `json:"type"`
	Reference       string `json:"reference"`
	Stage           string `json:"stage"`
	Status          string `json:"status"`
	PublishedAt     string `json:"publishedAt"`
	WithdrawnAt     string `json:"withdrawnAt"`
	WithdrawnReason string `json:"withdrawnReason"`
}

type odpAssessment struct {
	ExpiryDate            string `json:"expiryDate"`
	OfficerDecision       string `json:"planningOfficerDecision"`
	OfficerDecisionDate   string `json:"planningOfficerDecisionDate"`
	CommitteeSentDate     string `json:"committeeSentDate"`
	CommitteeDecision     string `json:"committeeDecision"`
	CommitteeDecisionDate string `json:"committeeDecisionDate"`
	DecisionNotice        struct {
		URL string `json:"url"`
	} `json:"decisionNotice"`
}

// odpSite is what the applicant sent: about themselves, the site and the proposal.
type odpSite struct {
	Applicant json.RawMessage `json:"applicant"`
	Property  struct {
		Address struct {
			Latitude   *float64 `json:"latitude"`
			Longitude  *float64 `json:"longitude"`
			X          *float64 `json:"x"`
			Y          *float64 `json:"y"`
			Title      string   `json:"title"`
			SingleLine string   `json:"singleLine"`
			UPRN       string   `json:"uprn"`
			Postcode   string   `json:"postcode"`
		} `json:"address"`
		Boundary odpBoundary `json:"boundary"`
	} `json:"property"`
	Proposal struct {
		Description string      `json:"description"`
		Boundary    odpBoundary `json:"boundary"`
	} `json:"proposal"`
}

type odpBoundary struct {
	Site json.RawMessage `json:"site"`
}

type odpDocument struct {
	Name        string  `json:"name"`
	Association string  `json:"association"`
	Version     int     `json:"version"`
	Type        []coded `json:"type"`
	URL         string  `json:"url"`
	RedactedURL string  `json:"redactedUrl"`
	Metadata    struct {
		PublishedAt string `json:"publishedAt"`
	} `json:"metadata"`
}

// coded is a value of a list: 0.7 writes it as text or as an object with a description.
type coded string

// UnmarshalJSON reads "pp.full" and {"value":"pp.full", …}.
func (c *coded) UnmarshalJSON(b []byte) error {
	var text string
	if json.Unmarshal(b, &text) == nil {
		*c = coded(text)
		return nil
	}
	var object struct {
		Value string `json:"value"`
	}
	err := json.Unmarshal(b, &object)
	*c = coded(object.Value)
	return err
}
