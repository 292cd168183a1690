import type { Metadata } from "next";
import { redirect } from "next/navigation";
import { SignInScreen } from "@/features/access/ui/sign-in-screen";
import { toLocalPath } from "@/lib/to-local-path";
import { isSignInOn } from "@/server/auth/sign-in-settings";

export const metadata: Metadata = { title: "Sign in" };
export const dynamic = "force-dynamic";

export default async function SignInPage({ searchParams }: PageProps<"/sign-in">) {
  if (!isSignInOn()) redirect("/");
  const { to } = await searchParams;
  return <SignInScreen to={toLocalPath(typeof to === "string" ? to : "")} />;
}
