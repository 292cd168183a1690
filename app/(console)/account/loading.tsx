import { LoadingCard } from "@/components/states/loading-card";

export default function Loading() {
  return <LoadingCard rows={10} />;
}
