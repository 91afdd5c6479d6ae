// Everything that helps an officer with a comment, in one request.

import "../../part/desk-keys/desk-keys";
import "../../part/redaction-desk/redaction-desk";
import "../../part/reply-help/reply-help";
