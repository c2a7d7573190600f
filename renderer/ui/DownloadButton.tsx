import { Button } from '@mantine/core'
import { IconDownload } from '@tabler/icons-react'
import { saveFile } from './save-file.ts'

/** Saves one of several files, beside its name. */
export const DownloadButton = ({ name, text }: { readonly name: string; readonly text: string }) => (
  <Button
    size="compact-xs"
    variant="default"
    leftSection={<IconDownload size={14} />}
    aria-label={`Download ${name}`}
    onClick={() => saveFile(name, text)}
  >
    Download
  </Button>
)
