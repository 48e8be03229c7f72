/** Light or dark: as the system has it, until one is chosen. */
import { useEffect, useState } from 'preact/hooks'
import { remember, remembered } from './remembered.js'

export type Theme = 'light' | 'dark'

const SETTING = 'theme'

export function useTheme(): readonly [Theme, (theme: Theme) => void] {
  const [chosen, setChosen] = useState<Theme | undefined>(() => {
    const kept = remembered(SETTING)
    return kept === 'light' || kept === 'dark' ? kept : undefined
  })
  useEffect(() => {
    if (chosen === undefined) delete document.documentElement.dataset['theme']
    else document.documentElement.dataset['theme'] = chosen
  }, [chosen])
  const system: Theme = matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light'
  const choose = (theme: Theme) => {
    remember(SETTING, theme)
    setChosen(theme)
  }
  return [chosen ?? system, choose]
}
