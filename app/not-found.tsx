import { ConsoleFrameScreen } from "@/features/console/ui/console-frame-screen";
import NotFoundInFrame from "./(console)/not-found";

/** An address no page has. It brings the frame itself; a catch-all page would be streamed, and so answer with 200. */
export default function NotFound() {
  return (
    <ConsoleFrameScreen>
      <NotFoundInFrame />
    </ConsoleFrameScreen>
  );
}
