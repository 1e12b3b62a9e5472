/**
 * Which country codes there are, with their English names in full (blocks 3a, 4, 12 and 12a are written in full).
 *
 * `COUNTRIES`: where goods or people can be. `ORIGINS`: the same, and what may stand in block 12. The tables are those of
 * chalicelib/kernel/countries.py (local/web_tables.py).
 */

export { COUNTRIES, ORIGINS } from "./generated/countries.js";
