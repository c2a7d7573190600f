/** What is said of a profile that was saved: how to connect. */
export const renderSaved = (name: string): string => `Saved as ${name}. To connect: mole connect ${name}`
