import { z } from "zod";

/** A number as protobuf's JSON may have it; "NaN" and the like are no number, so the point is as if absent. */
const gauge = z.union([z.number(), z.string()]).transform((value) => {
  const number = Number(value);
  return Number.isFinite(number) ? number : null;
});

/** What `/api/metrics/…` answers; absent lists are empty. */
export const metricFamilySchema = z.object({
  metrics: z
    .array(
      z.object({
        labels: z.array(z.object({ name: z.string(), value: z.string() })).default([]),
        metricPoints: z
          .array(
            z.object({
              gaugeValue: z.object({ doubleValue: gauge.optional() }).default({}),
              timestamp: z.iso.datetime({ offset: true }),
            }),
          )
          .default([]),
      }),
    )
    .default([]),
});

/** `/api/dependencies`; `errors` names what the counts lack. */
export const dependenciesSchema = z.object({
  data: z.array(z.object({ parent: z.string(), child: z.string(), callCount: z.number().nonnegative() })).nullable(),
  errors: z.array(z.object({ msg: z.string() })).nullish(),
});
