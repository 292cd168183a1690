import { NotFoundPanel } from "@/features/console/ui/not-found-panel";

export default function ConsoleNotFound() {
  return <NotFoundPanel />;
}
