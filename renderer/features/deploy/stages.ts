/** The wizard's pages in their order; each is the last part of its address. */
export const STAGES = [
  { id: 'target', title: 'Target' },
  { id: 'tunnels', title: 'Tunnels' },
  { id: 'review', title: 'Review' },
  { id: 'progress', title: 'Progress' },
  { id: 'connected', title: 'Connected' },
] as const

export type Stage = (typeof STAGES)[number]['id']

export const isStage = (text: string): text is Stage => STAGES.some(({ id }) => id === text)
