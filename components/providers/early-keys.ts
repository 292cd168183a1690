declare global {
  interface Window {
    /** What was typed since the palette's key was pressed, before the page could open it. */
    opsEarlyKeys?: { text: string | undefined; stop: () => void };
  }
}

/**
 * Runs with the first bytes of a page, long before its code: the palette's key is heard from then on, and what is typed
 * after it is kept. Without it a fast hand's first letters are lost.
 */
export const EARLY_KEYS_SCRIPT = `(()=>{const k={text:void 0,stop:()=>removeEventListener("keydown",f,true)};
function f(e){const c=e.metaKey||e.ctrlKey;if(c&&!e.altKey&&!e.shiftKey&&e.key.toLowerCase()==="k")k.text=k.text===void 0?"":void 0;
else if(k.text===void 0||c||e.altKey)return;else if(e.key==="Escape")k.text=void 0;
else if(e.key==="Backspace")k.text=k.text.slice(0,-1);else if(e.key.length===1)k.text+=e.key;else return;
e.preventDefault();e.stopPropagation()}
window.opsEarlyKeys=k;addEventListener("keydown",f,true)})()`;

/** What was typed for the palette before the page was ready, and from now on the page listens itself; `undefined`: nobody asked for it. */
export function takeEarlyKeys(): string | undefined {
  const keys = window.opsEarlyKeys;
  delete window.opsEarlyKeys;
  keys?.stop();
  return keys?.text;
}
