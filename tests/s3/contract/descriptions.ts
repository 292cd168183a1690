import {
  CompleteMultipartUploadCommand,
  CopyObjectCommand,
  CreateMultipartUploadCommand,
  GetObjectAclCommand,
  GetObjectTaggingCommand,
  HeadObjectCommand,
  PutObjectCommand,
  UploadPartCommand,
} from "@aws-sdk/client-s3";
import { expect } from "vitest";
import type { Check, Room } from "../contract";

const TAGGING = "team=images&note=a%20b%2Bc";
const TAGS = [
  { Key: "note", Value: "a b+c" },
  { Key: "team", Value: "images" },
];

async function tagsOf({ s3, bucket }: Room, key: string) {
  const { TagSet = [] } = await s3.send(new GetObjectTaggingCommand({ Bucket: bucket, Key: key }));
  return TagSet.sort((a, b) => ((a.Key ?? "") < (b.Key ?? "") ? -1 : 1));
}

export const descriptionChecks: Check[] = [
  [
    "keeps tags given with the bytes, and counts them on HEAD",
    async (room) => {
      const { s3, bucket } = room;
      await s3.send(new PutObjectCommand({ Bucket: bucket, Key: "tagged", Body: "x", Tagging: TAGGING }));
      expect(await tagsOf(room, "tagged")).toEqual(TAGS);
      expect((await s3.send(new HeadObjectCommand({ Bucket: bucket, Key: "tagged" }))).TagCount).toBe(2);
    },
  ],
  [
    "keeps tags, type and metadata given when an upload in parts begins",
    async (room) => {
      const { s3, bucket } = room;
      const handle = { Bucket: bucket, Key: "tagged-parts" };
      const described = { ContentType: "image/webp", CacheControl: "no-store", Metadata: { owner: "asha" } };
      const { UploadId } = await s3.send(
        new CreateMultipartUploadCommand({ ...handle, ...described, Tagging: TAGGING, ChecksumAlgorithm: "CRC32" }),
      );
      const upload = { ...handle, UploadId };
      const { ETag, ChecksumCRC32 } = await s3.send(
        new UploadPartCommand({ ...upload, PartNumber: 1, Body: "x", ChecksumAlgorithm: "CRC32" }),
      );
      const Parts = [{ PartNumber: 1, ETag, ChecksumCRC32 }];
      await s3.send(new CompleteMultipartUploadCommand({ ...upload, MultipartUpload: { Parts } }));
      expect(await tagsOf(room, "tagged-parts")).toEqual(TAGS);
      expect(await s3.send(new HeadObjectCommand(handle))).toMatchObject(described);
    },
  ],
  [
    "carries tags along with a copy",
    async (room) => {
      const { s3, bucket } = room;
      await s3.send(new PutObjectCommand({ Bucket: bucket, Key: "tag-source", Body: "x", Tagging: TAGGING }));
      await s3.send(new CopyObjectCommand({ Bucket: bucket, Key: "tag-copy", CopySource: `${bucket}/tag-source` }));
      expect(await tagsOf(room, "tag-copy")).toEqual(TAGS);
    },
  ],
  [
    "tells the storage class that is not the usual one",
    async ({ s3, bucket }) => {
      await s3.send(new PutObjectCommand({ Bucket: bucket, Key: "cool", Body: "x", StorageClass: "STANDARD_IA" }));
      expect((await s3.send(new HeadObjectCommand({ Bucket: bucket, Key: "cool" }))).StorageClass).toBe("STANDARD_IA");
    },
  ],
  [
    "keeps canned access rules",
    async ({ s3, bucket }) => {
      await s3.send(new PutObjectCommand({ Bucket: bucket, Key: "public", Body: "x", ACL: "public-read" }));
      const { Grants = [] } = await s3.send(new GetObjectAclCommand({ Bucket: bucket, Key: "public" }));
      const readers = Grants.filter(({ Permission }) => Permission === "READ").map(({ Grantee }) => Grantee?.URI);
      expect(readers).toEqual(["http://acs.amazonaws.com/groups/global/AllUsers"]);
    },
  ],
  [
    "gives back metadata of encoded words, so that they mean the same",
    async ({ s3, bucket }) => {
      const Metadata = { title: "=?UTF-8?B?bmHDr3ZlIPCfmIA=?=" };
      await s3.send(new PutObjectCommand({ Bucket: bucket, Key: "words", Body: "x", Metadata }));
      expect((await s3.send(new HeadObjectCommand({ Bucket: bucket, Key: "words" }))).Metadata).toEqual(Metadata);
    },
  ],
];
