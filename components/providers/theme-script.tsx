import { EARLY_KEYS_SCRIPT } from "./early-keys";

/**
 * Runs before the first paint: sets the chosen theme (or the system's), so nothing flashes, and hands the nonce to
 * libraries that add a `<style>` of their own while a dialog is open. The keys that open the palette are heard from here on.
 */
const SCRIPT = `(()=>{const d=document,r=d.documentElement;window.__webpack_nonce__=d.currentScript.nonce;let t;try{t=localStorage.getItem("ops-theme")}catch{}
r.dataset.theme=t==="light"||t==="dark"?t:matchMedia("(prefers-color-scheme: dark)").matches?"dark":"light"})();`;

export function ThemeScript({ nonce }: { nonce: string | undefined }) {
  return (
    <script nonce={nonce} suppressHydrationWarning>
      {SCRIPT + EARLY_KEYS_SCRIPT}
    </script>
  );
}
