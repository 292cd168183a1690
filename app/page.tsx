export default function OverviewPage() {
  return <main>ops-console</main>;
}
