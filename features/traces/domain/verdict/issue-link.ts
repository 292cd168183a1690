/** GitHub answers 414 to longer addresses, and browsers cut them. */
const MAX_LINK_LENGTH = 8000;
const MAX_TITLE_LENGTH = 200;
const CUT = "(Cut here: the address of an issue has a limit. The trace has the rest.)";

type IssueDraft = { title: string; sections: readonly string[] };

/**
 * The address that opens GitHub's form for a new issue, filled in. What does not fit is left out from the end, a whole
 * section at a time, and the text says so.
 */
export function toIssueLink(repositoryUrl: string, { title, sections }: IssueDraft): string {
  const shortTitle = title.length > MAX_TITLE_LENGTH ? `${title.slice(0, MAX_TITLE_LENGTH - 1)}…` : title;
  for (let kept = sections.length; kept > 0; kept -= 1) {
    const shown = kept === sections.length ? sections : [...sections.slice(0, kept), CUT];
    const link = linkOf(repositoryUrl, shortTitle, shown.join("\n\n"));
    if (link.length <= MAX_LINK_LENGTH) return link;
  }
  return linkOf(repositoryUrl, shortTitle.slice(0, 100), CUT);
}

function linkOf(repositoryUrl: string, title: string, body: string): string {
  // A half of a surrogate pair, which a cut can leave, is no text: encoding it would throw.
  const search = new URLSearchParams({ title: title.toWellFormed(), body: body.toWellFormed() });
  return `${repositoryUrl}/issues/new?${search}`;
}
