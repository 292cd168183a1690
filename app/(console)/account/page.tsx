import type { Metadata } from "next";
import { AccountScreen } from "@/features/access/ui/account-screen";
import { requireForPage } from "@/server/auth/page-viewer";

export const metadata: Metadata = { title: "Account" };

export default async function AccountPage() {
  await requireForPage("account.manage");
  return <AccountScreen />;
}
