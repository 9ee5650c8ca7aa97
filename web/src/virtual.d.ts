/** The contexts of examples/, and what each is compared with at first. */
declare module "examples" {
  const examples: { name: string; context: string; pinned?: string }[];
  export default examples;
}

/** Kubernetes' own keys of the items of lists, by the field that holds the list. */
declare module "merge-keys" {
  const keys: Record<string, string[] | undefined>;
  export default keys;
}
