import { NotFoundPanel } from "@/features/console/ui/not-found-panel";
import { routes } from "@/lib/routes";

export default function NotFound() {
  return <NotFoundPanel what="runbook" list={{ label: "Runbooks", href: routes.runbooks() }} />;
}
