import { notFound } from "next/navigation";

/** Every address that no other page has: it is not found inside the frame. */
export default function Nowhere() {
  notFound();
}
