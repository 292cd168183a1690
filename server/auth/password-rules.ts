import { COMMON_PASSWORDS } from "./common-passwords";

export const LEAST_PASSWORD_LENGTH = 12;
export const MOST_PASSWORD_LENGTH = 128;
/** `aaaaaaaaaaaa` and `121212121212` are long and no secret. */
const LEAST_DIFFERENT = 5;

/** Why this is no good password, as a full sentence; undefined for a good one. */
export function passwordProblem(password: string, owner: { email: string; name: string }): string | undefined {
  const { length } = [...password];
  if (length < LEAST_PASSWORD_LENGTH) return `A password has at least ${LEAST_PASSWORD_LENGTH} characters.`;
  if (password.length > MOST_PASSWORD_LENGTH) return `A password has at most ${MOST_PASSWORD_LENGTH} characters.`;
  if (new Set(password).size < LEAST_DIFFERENT) return "This password repeats too few characters.";
  const plain = password.toLowerCase();
  const base = plain.replaceAll(/[^\p{L}\p{N}]/gu, "");
  if (COMMON_PASSWORDS.has(plain) || COMMON_PASSWORDS.has(base))
    return "Many people have this password. Choose another.";
  const own = [owner.email.split("@")[0] ?? "", owner.name].map((text) => text.toLowerCase().replaceAll(/\s/g, ""));
  const isOwn = own.some((text) => text.length > 3 && base.includes(text) && base.length - text.length < 6);
  return isOwn ? "This password is little more than the name or the e-mail. Choose another." : undefined;
}
