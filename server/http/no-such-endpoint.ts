import { AppError } from "@/lib/errors";

/** The answer to every API path that does not exist: a problem like all others, not a page. */
export async function noSuchEndpoint(call: { request: Request }): Promise<never> {
  throw new AppError("not_found", `There is no endpoint ${new URL(call.request.url).pathname}.`);
}
