// Reads the mails that the site writes into its folder: as much of MIME as they use.

const decoders = {
  base64: (body) => Buffer.from(body, "base64"),
  "quoted-printable": (body) => {
    const soft = body.replace(/=\r?\n/g, "");
    return Buffer.from(
      soft.replace(/=([0-9A-F]{2})/gi, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16))),
      "latin1",
    );
  },
};

function split(entity) {
  const end = entity.search(/\r?\n\r?\n/);
  const head = entity.slice(0, end).replace(/\r?\n[ \t]+/g, " ");
  const fields = {};
  for (const line of head.split(/\r?\n/)) {
    const colon = line.indexOf(":");
    fields[line.slice(0, colon).toLowerCase()] = line.slice(colon + 1).trim();
  }
  return { fields, body: entity.slice(end).replace(/^\r?\n\r?\n/, "") };
}

function plainText({ fields, body }) {
  const boundary = fields["content-type"]?.match(/boundary="?([^";]+)"?/)?.[1];
  if (boundary) {
    const parts = body.split(`--${boundary}`).slice(1, -1);
    return parts.map((part) => plainText(split(part.replace(/^\r?\n/, "")))).find((text) => text !== undefined);
  }
  if (!/^text\/plain/.test(fields["content-type"] ?? "text/plain")) return undefined;
  const decode = decoders[fields["content-transfer-encoding"]?.toLowerCase()];
  return decode ? decode(body).toString("utf8") : body;
}

function header(value = "") {
  const words = value.replace(/\?=\s+=\?/g, "?==?");
  return words.replace(/=\?utf-8\?([bq])\?([^?]*)\?=/gi, (_, kind, text) =>
    /b/i.test(kind)
      ? Buffer.from(text, "base64").toString("utf8")
      : decoders["quoted-printable"](text.replaceAll("_", " ")).toString("utf8"),
  );
}

/** The recipient, the subject, the headers, the plain text and the links in it. */
export function readMail(raw) {
  const entity = split(raw);
  const text = plainText(entity) ?? "";
  return {
    raw,
    to: header(entity.fields.to),
    subject: header(entity.fields.subject),
    fields: entity.fields,
    text,
    links: text.match(/https?:\/\/[^\s<>]+/g) ?? [],
  };
}
