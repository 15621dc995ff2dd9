/*
 * The part of the SDK that is used. Imported from here and not from the package, the bundle leaves the rest out: clients that
 * manage namespaces, and the XML parser that they need.
 */
export { ServiceBusClient } from '@azure/service-bus';
