/** The configurations that come with Cloud Mole, by the names `extends` knows them by. */
export const SHIPPED_NAMES = ['default', 'dtn', 'research'] as const
