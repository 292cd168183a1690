import { AppError } from "@/lib/errors";

/** What a part of a request is refused for, told with the field the part came in: `service` of a search is `search.service`. */
export async function inField<T>(field: string, work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (!(error instanceof AppError) || error.problems.length === 0) throw error;
    const problems = error.problems.map((problem) => ({ ...problem, field: `${field}.${problem.field}` }));
    throw new AppError(error.code, error.message, { cause: error, problems });
  }
}
