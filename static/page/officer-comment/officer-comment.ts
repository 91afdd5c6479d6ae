// Everything that helps an officer with a comment, in one request.

import "../../part/desk-keys/desk-keys";
import "../../part/reply-help/reply-help";
import "./redaction-desk";
