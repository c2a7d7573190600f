/** Whether what `extends` says is the path of a file, and not the name of a shipped configuration. */
export const namesFile = (parent: string): boolean => /\/|\.ya?ml$/.test(parent)
