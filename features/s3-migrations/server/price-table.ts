import { readFileSync } from "node:fs";
import listPrices from "@/config/s3-prices.json";
import { AppError } from "@/lib/errors";
import { env } from "@/server/config/env";
import { type PriceTable, priceTableSchema } from "../domain/plan-forecast";
import type { DestinationSpec } from "../domain/plan-spec";

/** The prices in force: a file of one's own before the list prices that come with the console. */
export function readPriceTable(): PriceTable {
  const list = priceTableSchema.parse(listPrices);
  const file = env().OPS_S3_PRICES;
  if (file === undefined) return list;
  try {
    const own = priceTableSchema.parse(JSON.parse(readFileSync(file, "utf8")));
    return own;
  } catch (cause) {
    throw new AppError("invalid_input", `OPS_S3_PRICES names ${file}, which is no table of prices.`, { cause });
  }
}

/** The host a destination's requests go to, and its region. */
export function placeOfDestination({ endpoint, region }: DestinationSpec): { host: string; region: string } {
  const { S3_ENDPOINT, AWS_REGION } = env();
  const address = endpoint ?? S3_ENDPOINT;
  const where = region ?? AWS_REGION;
  return { host: address === undefined ? `s3.${where}.amazonaws.com` : new URL(address).host, region: where };
}
