/** Calls `look` now and whenever the page scrolls or its size changes, be it that something above grew. Returns its end. */
export function watchViewport(look: () => void): () => void {
  look();
  window.addEventListener("scroll", look, { passive: true });
  window.addEventListener("resize", look);
  const observer = new ResizeObserver(look);
  observer.observe(document.body);
  return () => {
    window.removeEventListener("scroll", look);
    window.removeEventListener("resize", look);
    observer.disconnect();
  };
}
