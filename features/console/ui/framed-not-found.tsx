import { ConsoleFrameScreen } from "./console-frame-screen";
import { NotFoundPanel } from "./not-found-panel";

/** The not-found page with the frame around it. */
export function FramedNotFound() {
  return (
    <ConsoleFrameScreen>
      <NotFoundPanel />
    </ConsoleFrameScreen>
  );
}
