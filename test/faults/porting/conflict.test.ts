import { toldEverywhere } from '../everywhere.ts';
import { conflict } from '../scenarios.ts';

toldEverywhere(conflict);
