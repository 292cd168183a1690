import { NotFoundScreen } from "@/features/console/ui/not-found-screen";

/** An address no page has. It brings the frame itself; a catch-all page would be streamed, and so answer with 200. */
export default function NotFound() {
  return <NotFoundScreen />;
}
