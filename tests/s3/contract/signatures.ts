import { GetObjectCommand, HeadObjectCommand, ListBucketsCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import { expect } from "vitest";
import type { Check } from "../contract";
import { raw, refusal, sdkClient } from "../target";

const HOUR_MS = 3_600_000;
const amzDate = (atMs: number): string => new Date(atMs).toISOString().replace(/[-:]|\.\d{3}/g, "");

export const signatureChecks: Check[] = [
  [
    "accepts the SDK's signature on every kind of key and query",
    async ({ s3, bucket }) => {
      for (const key of ["plain", "with space", "plus+plus", "per%2Fcent", "ünï/😀", "a=b&c;d,e:f@g", "(!'*)~"]) {
        await s3.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: key }));
        const got = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
        expect(await got.Body?.transformToString()).toBe(key);
      }
    },
  ],
  [
    "refuses a wrong secret with SignatureDoesNotMatch",
    async ({ target }) => {
      const s3 = sdkClient({ ...target, secretAccessKey: "not the secret" });
      expect(await refusal(s3.send(new ListBucketsCommand({})))).toEqual({
        code: "SignatureDoesNotMatch",
        status: 403,
      });
    },
  ],
  [
    "refuses an unknown access key with InvalidAccessKeyId",
    async ({ target }) => {
      const s3 = sdkClient({ ...target, accessKeyId: "NOBODY" });
      expect(await refusal(s3.send(new ListBucketsCommand({})))).toEqual({ code: "InvalidAccessKeyId", status: 403 });
    },
  ],
  [
    "refuses an unsigned request",
    async ({ target, bucket }) => {
      const reply = await raw(target, { method: "GET", path: `/${bucket}?list-type=2`, isUnsigned: true });
      expect(reply).toMatchObject({ status: 403, code: "AccessDenied" });
    },
  ],
  [
    "refuses a request signed an hour ago or an hour ahead",
    async ({ target, bucket }) => {
      for (const shiftMs of [-HOUR_MS, HOUR_MS]) {
        const headers = { "X-Amz-Date": amzDate(Date.now() + shiftMs) };
        const reply = await raw(target, { method: "GET", path: `/${bucket}?list-type=2`, headers });
        expect(reply).toMatchObject({ status: 403, code: "RequestTimeTooSkewed" });
      }
    },
  ],
  [
    "refuses a request whose signed header was changed on the way",
    async ({ target, bucket }) => {
      const headers = { "x-amz-meta-owner": "asha" };
      const tamper = (sent: Record<string, string>) => Object.assign(sent, { "x-amz-meta-owner": "mallory" });
      const reply = await raw(target, { method: "PUT", path: `/${bucket}/tampered`, headers, body: "x", tamper });
      expect(reply).toMatchObject({ status: 403, code: "SignatureDoesNotMatch" });
    },
  ],
  [
    "refuses a signature for another region",
    async ({ target, bucket }) => {
      const signAs = { ...target, region: "mars-north-1" };
      const reply = await raw(target, { method: "GET", path: `/${bucket}?list-type=2`, signAs });
      expect(reply).toMatchObject({ status: 400, code: "AuthorizationHeaderMalformed" });
    },
  ],
  [
    "says a missing bucket and a missing key apart, and nothing but the status on HEAD",
    async ({ s3, bucket }) => {
      const missing = { Bucket: bucket, Key: "nothing-here" };
      expect(await refusal(s3.send(new GetObjectCommand(missing)))).toEqual({ code: "NoSuchKey", status: 404 });
      expect(await refusal(s3.send(new HeadObjectCommand(missing)))).toEqual({ code: "NotFound", status: 404 });
      const nowhere = { Bucket: "no-such-bucket-here", Key: "x" };
      expect(await refusal(s3.send(new GetObjectCommand(nowhere)))).toEqual({ code: "NoSuchBucket", status: 404 });
      expect(await refusal(s3.send(new PutObjectCommand({ ...nowhere, Body: "x" })))).toEqual({
        code: "NoSuchBucket",
        status: 404,
      });
    },
  ],
];
