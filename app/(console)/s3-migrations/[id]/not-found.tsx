import { NotFoundPanel } from "@/features/console/ui/not-found-panel";
import { routes } from "@/lib/routes";

export default function NotFound() {
  return <NotFoundPanel what="S3 migration" list={{ label: "S3 migrations", href: routes.s3Migrations() }} />;
}
