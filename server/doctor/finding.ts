/** What one check found. `cure` says what to do; only a failure keeps the console from starting. */
export type Finding = { name: string; status: "ok" | "warn" | "fail"; message: string; cure?: string };

export const ok = (name: string, message: string): Finding => ({ name, status: "ok", message });
export const warn = (name: string, message: string, cure: string): Finding => ({ name, status: "warn", message, cure });
export const fail = (name: string, message: string, cure: string): Finding => ({ name, status: "fail", message, cure });
