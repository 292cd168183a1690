import { WireReader } from "./wire-reader";

/**
 * The service a resource's bytes name, with Jaeger's own stand-ins for a missing, empty or non-text `service.name`.
 */
export function serviceNameOf(resource: Buffer): string {
  const reader = new WireReader(resource);
  let service: string | undefined;
  for (let field = reader.nextField(); field !== 0; field = reader.nextField()) {
    if (field === 1) {
      // Every pair is read, also after the name was found: the reader must move past it.
      const named = serviceOfPair(reader.message());
      service ??= named;
    } else reader.skip();
  }
  if (service === undefined) return "missing-service-name";
  return service === "" ? "empty-service-name" : service;
}

function serviceOfPair(pair: WireReader): string | undefined {
  let isServiceName = false;
  let value: WireReader | undefined;
  for (let field = pair.nextField(); field !== 0; field = pair.nextField()) {
    if (field === 1) isServiceName = pair.text() === "service.name";
    else if (field === 2) value = pair.message();
    else pair.skip();
  }
  if (!isServiceName) return undefined;
  let text: string | undefined;
  for (let field = value?.nextField() ?? 0; value !== undefined && field !== 0; field = value.nextField()) {
    if (field === 1) text = value.text();
    else value.skip();
  }
  return text ?? "service-name-wrong-type";
}
