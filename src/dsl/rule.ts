/** OSSEC rule levels: 0 never alerts, 15 is the highest in use. */
export type Level = 0 | 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9 | 10 | 11 | 12 | 13 | 14 | 15;

/** The OSSEC rule that decides about a detection's notices. */
export interface Rule {
  /** How grave it is, 0 to 15: OSSEC alerts from 1 up unless told otherwise, mails from 7. */
  readonly level: Level;
  /** One line of text, shown in alerts. */
  readonly description: string;
  /** Group names; they come out as OSSEC wants them, each followed by a comma. */
  readonly groups?: readonly string[];
  /** A fixed rule id (100000-119999). Without it, zopf chooses one and keeps it in `zopf.lock.json`. */
  readonly id?: number;
}
