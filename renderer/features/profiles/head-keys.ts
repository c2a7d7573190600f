/** The two keys of a document itself; all others are in sections. */
export const HEAD_KEYS = [
  {
    name: 'extends',
    detail: 'what it stands on',
    description:
      'A configuration that comes with Cloud Mole, or the path of a YAML file. It holds where this text is silent.',
  },
  {
    name: 'description',
    detail: 'a sentence',
    description: 'What it is for; shown where profiles are listed.',
  },
] as const
