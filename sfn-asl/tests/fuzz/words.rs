//! Texts of the words of a language, and texts that were changed here and there.

use super::random::Random;

/// Words one after the other, with a blank between them now and then.
pub(crate) fn soup(random: &mut Random, words: &[&str], most: usize) -> String {
    let mut text = String::new();
    for _ in 0..random.below(most) {
        text.push_str(random.pick(words));
        if random.once_in(4) {
            text.push(' ');
        }
    }
    text
}

/// The text with up to `most` changes: pieces left out, doubled, moved, words put in.
pub(crate) fn mutated(random: &mut Random, text: &str, words: &[&str], most: usize) -> String {
    let mut characters: Vec<char> = text.chars().collect();
    for _ in 0..=random.below(most) {
        if characters.is_empty() {
            break;
        }
        let at = random.below(characters.len());
        let end = (at + 1 + random.below(8)).min(characters.len());
        match random.below(6) {
            0 => drop(characters.drain(at..end)),
            1 => {
                let piece = characters[at..end].to_vec();
                let to = random.below(characters.len());
                characters.splice(to..to, piece);
            }
            2 => {
                let word: Vec<char> = random.pick(words).chars().collect();
                characters.splice(at..at, word);
            }
            3 => {
                let word: Vec<char> = random.pick(words).chars().collect();
                characters.splice(at..end, word);
            }
            4 => {
                let other = random.below(characters.len());
                characters.swap(at, other);
            }
            _ => {
                let strange = ['\u{0}', '\u{FEFF}', 'é', '😀', '\u{202E}', '"', '\\', '\n', '{', '}', '$', '.'];
                characters[at] = strange[random.below(strange.len())];
            }
        }
    }
    characters.into_iter().collect()
}
