/** How ports name a service: environments share one router and one target. */
export function serviceId(environment: string, key: string): string {
  return `${environment}/${key}`;
}
