import type { ListedObject, ListingProblem } from "./object-store";

/** How a library lays its files out in a directory: which path is which key, and what does not belong to it. */
export type Layout = {
  /** The directory that is walked, below the store's root; "" = the root itself. */
  within: string;
  toPath: (key: string) => string;
  /** The key of a path found there, or why it is none. */
  judge: (path: string) => string | ListingProblem;
};

const outside = (message: string): ListingProblem => ({ kind: "filtered", code: "NotInLayout", message });

/** `uploads/<model>/<mounted as>/<id>/<file>`; a model in a module has more directories. */
export function carrierwaveLayout(storeDir: string): Layout {
  return {
    within: storeDir,
    toPath: (key) => key,
    judge: (path) => {
      const parts = path.slice(storeDir.length + 1).split("/");
      if (parts[0] === "tmp") return outside("A file of CarrierWave's cache: an upload that nobody finished.");
      return parts.length >= 4 ? path : outside(`Not ${storeDir}/<model>/<mounted as>/<id>/<file>.`);
    },
  };
}

/** `system/<class>/<attachment>/000/000/001/<style>/<file>`; larger ids have more digits, never fewer parts. */
export function paperclipLayout(storeDir: string): Layout {
  const partition = /^(?:[^/]+\/)+[^/]+\/\d{3,}\/\d{3}\/\d{3}\/[^/]+\/[^/]+$/;
  return {
    within: storeDir,
    toPath: (key) => key,
    judge: (path) =>
      partition.test(path.slice(storeDir.length + 1))
        ? path
        : outside(`Not ${storeDir}/<class>/<attachment>/000/000/001/<style>/<file>.`),
  };
}

/** `ab/cd/abcd…` is the object `abcd…`: the disk service puts a file under the first two pairs of its key's letters. */
export const activeStorageLayout: Layout = {
  within: "",
  toPath: (key) => `${key.slice(0, 2)}/${key.slice(2, 4)}/${key}`,
  judge: (path) => {
    const key = path.split("/").slice(2).join("/");
    return key !== "" && activeStorageLayout.toPath(key) === path
      ? key
      : outside("Not <ab>/<cd>/<key>, where Active Storage keeps its files.");
  },
};

/** One entry of the directory, as an object of the layout. */
export function inLayout({ judge }: Layout, listed: ListedObject): ListedObject {
  if (listed.problem !== undefined) return listed;
  const verdict = judge(listed.key);
  return typeof verdict === "string" ? { ...listed, key: verdict } : { ...listed, problem: verdict };
}
