/** Why an object is left out, by the code that stands in its row. */
export const LEFT_OUT_WORDS: Readonly<Record<string, string>> = {
  NotIncluded: "no include pattern fits",
  Excluded: "excluded by a pattern",
  TooSmall: "too small",
  TooLarge: "too large",
  TooOld: "changed too early",
  TooNew: "changed too late",
  AgeUnknown: "without a time of change",
  NotMapped: "no rule for the key",
  NotAFile: "links and special files",
  NotInLayout: "not in the layout",
  Archived: "archived, to be restored first",
};
