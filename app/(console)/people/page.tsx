import type { Metadata } from "next";
import { PeopleScreen } from "@/features/access/ui/people-screen";
import { requireForPage } from "@/server/auth/page-viewer";

export const metadata: Metadata = { title: "People" };

export default async function PeoplePage() {
  await requireForPage("people.manage");
  return <PeopleScreen />;
}
