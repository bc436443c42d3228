//! The shape of documents: what is kept of the input, the names of variables and ends, guards of counters.

use super::{Made, outline};
use crate::prelude::*;
use crate::testing::env;
use serde::{Deserialize, Serialize};

#[derive(SfnData, Serialize, Deserialize, Clone, Debug, PartialEq)]
#[serde(rename_all = "camelCase")]
struct Parcel {
    parcel_id: String,
    note: Option<String>,
    #[serde(default)]
    tags: Vec<String>,
    place: Place,
    kind: Kind,
    size: (u32, u32),
    #[serde(flatten)]
    extra: Extra,
}

#[derive(SfnData, Serialize, Deserialize, Clone, Debug, PartialEq)]
struct Extra {
    weight: u32,
}

#[derive(SfnData, Serialize, Deserialize, Clone, Debug, PartialEq)]
struct Place {
    city: String,
    street: Option<Street>,
}

#[derive(SfnData, Serialize, Deserialize, Clone, Debug, PartialEq)]
struct Street {
    name: String,
}

#[derive(SfnData, Serialize, Deserialize, Clone, Debug, PartialEq)]
#[serde(tag = "type")]
enum Kind {
    Letter,
    Box { height: u32, label: Option<String> },
}

#[task(lambda = "Say")]
async fn say(text: String) -> Result<String, Error>;
#[task(lambda = "Look")]
async fn look(text: String) -> Result<Kind, Error>;
#[task(lambda = "Tick")]
async fn tick() -> Result<(), Error>;
#[task(lambda = "Weigh")]
async fn weigh(kind: Kind) -> Result<(), Error>;

#[state_machine]
async fn one_path(parcel: Parcel) -> Result<String, Error> {
    tick().await?;
    say(parcel.place.city).await?;
    say(parcel.place.city).await
}

#[state_machine]
async fn one_path_and_one_inside(parcel: Parcel) -> Result<(Place, String), Error> {
    tick().await?;
    let said = say(parcel.place.city).await?;
    tick().await?;
    Ok((parcel.place, said))
}

#[state_machine]
async fn one_missing_path(parcel: Parcel) -> Result<Option<String>, Error> {
    tick().await?;
    if parcel.note.is_some() {
        tick().await?;
    }
    Ok(parcel.note)
}

#[state_machine]
async fn a_default(parcel: Parcel) -> Result<Vec<String>, Error> {
    tick().await?;
    Ok(parcel.tags)
}

#[state_machine]
async fn two_paths(parcel: Parcel) -> Result<(String, u32), Error> {
    tick().await?;
    Ok((parcel.parcel_id, parcel.extra.weight))
}

#[state_machine]
async fn a_flattened_path(parcel: Parcel) -> Result<u32, Error> {
    tick().await?;
    Ok(parcel.extra.weight)
}

#[state_machine]
async fn an_item(parcel: Parcel) -> Result<u32, Error> {
    tick().await?;
    Ok(parcel.size.1)
}

/// Below an option and inside of a variant nothing is certain: the last certain path is kept.
#[state_machine]
async fn uncertain(parcel: Parcel) -> Result<String, Error> {
    tick().await?;
    if let Some(street) = parcel.place.street {
        return say(street.name).await;
    }
    Ok("none".to_string())
}

#[state_machine]
async fn uncertain_variant(parcel: Parcel) -> Result<u32, Error> {
    tick().await?;
    match parcel.kind {
        Kind::Box { height, .. } => {
            tick().await?;
            Ok(height)
        }
        Kind::Letter => Ok(0),
    }
}

/// The end behind a choice reads its own input; the one behind a task cannot.
#[state_machine]
async fn read_at_the_end(parcel: Parcel) -> Result<String, Error> {
    if parcel.size.0 > 3 {
        fail!("TooLarge", "{} is too large", parcel.parcel_id);
    }
    tick().await?;
    fail!("Small", "{} is small", parcel.parcel_id)
}

#[state_machine]
async fn shared_name(parcel: Parcel) -> Result<String, Error> {
    match parcel.kind {
        Kind::Box { height, label } if height > 3 => {
            tick().await?;
            Ok(format!("{height} {}", label.unwrap_or("none".to_string())))
        }
        Kind::Box { height, label } => {
            let height = say(format!("{height}")).await?;
            tick().await?;
            say(label.unwrap_or("none".to_string())).await?;
            tick().await?;
            Ok(height)
        }
        Kind::Letter => Ok("letter".to_string()),
    }
}

/// A default that not every reader has is not settled.
#[state_machine]
async fn two_defaults(parcel: Parcel) -> Result<(String, String), Error> {
    let note = parcel.note;
    tick().await?;
    let first = say(note.unwrap_or("a".to_string())).await?;
    Ok((first, note.unwrap_or("b".to_string())))
}

#[state_machine]
async fn matched_values(text: String) -> Result<String, Error> {
    let kind = look(text).await?;
    match kind {
        Kind::Box { label: Some(label), .. } => say(label).await,
        Kind::Box { height, .. } => match look(format!("{height}")).await {
            Ok(Kind::Letter) => Ok(text),
            Ok(other @ Kind::Box { .. }) => match look(text).await? {
                Kind::Letter => Err(Error::new("Letter", "expected a box")),
                Kind::Box { height, .. } => {
                    if let Kind::Box { label: Some(label), .. } = other {
                        say(label).await?;
                    }
                    say(format!("{height}")).await
                }
            },
            Err(e) => Err(e),
        },
        Kind::Letter => Ok("x".to_string()),
    }
}

/// What a pattern binds is read in its place only as long as the place keeps its value.
#[state_machine]
async fn changed_subject(text: String) -> Result<String, Error> {
    let mut kind = look(text).await?;
    match kind {
        Kind::Box { mut height, label: Some(label) } => {
            kind = look(label).await?;
            weigh(kind).await?;
            height += 1;
            tick().await?;
            say(label).await?;
            Ok(format!("{height}"))
        }
        _ => Ok("other".to_string()),
    }
}

#[state_machine]
async fn counters(text: String) -> Result<(u32, u8, u16), Error> {
    let mut wide = 0u32;
    let mut steps = 5u32;
    let mut doubled = 1u32;
    let mut fast = 0u32;
    let mut signed = 0i32;
    let mut narrow = 0u8;
    let mut short = 0u16;
    let mut left = 9u32;
    let mut exact = 0u64;
    loop {
        wide += 1;
        steps += 7;
        steps += 7;
        doubled = doubled * 2;
        fast += 15;
        signed -= 7;
        narrow += 1;
        short += 1;
        left -= 1;
        exact += 1;
        tick().await?;
        if left == 0 || steps > 100 || doubled > 9 || fast > 100 || signed < -30 || exact > 90 {
            let said = say(text).await?;
            steps = 3;
            if said.is_empty() {
                return Ok((wide, narrow, short));
            }
        }
    }
}

#[state_machine]
async fn commented(text: String) -> Result<String, Error> {
    /// Says it once,
    /// and once more.
    let said = say(text).await?;
    #[state("Long enough?")]
    /// The text is empty or it is not.
    if said.is_empty() {
        /// Nothing was said.
        fail!("Silence", "nothing");
    }
    /// What was said.
    Ok(said)
}

#[tokio::test]
async fn body_and_document_agree() {
    let mut inputs = Vec::new();
    for (note, street, label) in [(None, None, None), (Some("n"), Some("s"), Some("l")), (None, Some("s"), None)] {
        for kind in [Kind::Letter, Kind::Box { height: 2, label: None }, Kind::Box { height: 4, label: None }] {
            let kind = match kind {
                Kind::Box { height, .. } => Kind::Box { height, label: label.map(str::to_owned) },
                Kind::Letter => Kind::Letter,
            };
            let street = street.map(|name: &str| Street { name: name.to_owned() });
            inputs.push(Parcel {
                parcel_id: "p1".to_owned(),
                note: note.map(str::to_owned),
                tags: Vec::new(),
                place: Place { city: "c".to_owned(), street },
                kind,
                size: (u32::try_from(inputs.len()).unwrap(), 2),
                extra: Extra { weight: 5 },
            });
        }
    }
    let mut looked = 0;
    let look_at = move |text: String| {
        looked += 1;
        let label = (looked % 3 == 0).then(|| text.clone());
        Ok(if looked % 4 == 0 { Kind::Letter } else { Kind::Box { height: looked, label } })
    };
    let env = env()
        .mock(tick, |()| Ok(()))
        .mock(say, |text| Ok(format!("<{text}>")))
        .mock(look, look_at)
        .mock(weigh, |_| Ok(()));
    for input in &inputs {
        let input = || input.clone();
        env.run(one_path, input()).await.assert_succeeded();
        env.run(one_path_and_one_inside, input()).await.assert_succeeded();
        env.run(one_missing_path, input()).await.assert_succeeded();
        env.run(a_default, input()).await.assert_succeeded();
        env.run(two_paths, input()).await.assert_succeeded();
        env.run(a_flattened_path, input()).await.assert_succeeded();
        env.run(an_item, input()).await.assert_succeeded();
        env.run(uncertain, input()).await.assert_succeeded();
        env.run(uncertain_variant, input()).await.assert_succeeded();
        let failed = if input().size.0 > 3 { "TooLarge" } else { "Small" };
        env.run(read_at_the_end, input()).await.assert_failed(failed);
        env.run(shared_name, input()).await.assert_succeeded();
        env.run(two_defaults, input()).await.assert_succeeded();
        env.run(changed_subject, "t".to_owned()).await.assert_succeeded();
        env.run(matched_values, "t".to_owned()).await;
    }
    let mut asked = 0;
    let counted = env.mock(say, move |_| {
        asked += 1;
        Ok(if asked == 2 { String::new() } else { "x".to_owned() })
    });
    assert_eq!(counted.run(counters, "t".to_owned()).await.assert_succeeded(), &(5, 5, 5));
}

#[test]
fn documents() {
    let cases: &[(&str, Made, &str)] = &[
        (
            "one_path",
            one_path::definition,
            r#"
start Tick
Tick: Task {} Assign {"city":"$states.input.place.city"} -> Say
Say: Task "$city" -> Say #2
Say #2: Task "$city" Output "$states.result.Payload" -> end
"#,
        ),
        (
            "one_path_and_one_inside",
            one_path_and_one_inside::definition,
            r#"
start Tick
Tick: Task {} Assign {"place":"$states.input.place"} -> Say
Say: Task "$place.city" Assign {"said":"$states.result.Payload"} -> Tick #2
Tick #2: Task {} Output ["$place","$said"] -> end
"#,
        ),
        (
            "one_missing_path",
            one_missing_path::definition,
            r#"
start Tick
Tick: Task {} Assign {"note":"$exists($states.input.note) ? $states.input.note : null"} -> if
if: Choice Choices [{"Condition":"$note != null","Next":"Tick #2"}] Default "Return note"
Tick #2: Task {} Output "$note" -> end
Return note: Succeed Output "$note"
"#,
        ),
        (
            "a_default",
            a_default::definition,
            r#"
start Tick
Tick: Task {} Output "$exists($states.input.tags) ? $states.input.tags : []" -> end
"#,
        ),
        (
            "two_paths",
            two_paths::definition,
            r#"
start Tick
Tick: Task {} Output ["$states.input.parcelId","$states.input.weight"] -> end
"#,
        ),
        (
            "a_flattened_path",
            a_flattened_path::definition,
            r#"
start Tick
Tick: Task {} Output "$states.input.weight" -> end
"#,
        ),
        (
            "an_item",
            an_item::definition,
            r#"
start Tick
Tick: Task {} Output "$states.input.size[1]" -> end
"#,
        ),
        (
            "uncertain",
            uncertain::definition,
            r#"
start Tick
Tick: Task {} Assign {"street":"$exists($states.input.place.street) ? $states.input.place.street : null"} -> if parcel.place.street
if parcel.place.street: Choice Choices [{"Condition":"$street != null","Next":"Say"}] Default "Return"
Say: Task "$street.name" Output "$states.result.Payload" -> end
Return: Succeed Output "\"none\""
"#,
        ),
        (
            "uncertain_variant",
            uncertain_variant::definition,
            r#"
start Tick
Tick: Task {} Assign {"kind":"$states.input.kind"} -> match parcel.kind
match parcel.kind: Choice Choices [{"Condition":"$kind.type = \"Box\"","Assign":{"height":"$kind.height"},"Next":"Tick #2"},{"Condition":"$kind.type = \"Letter\"","Output":"0","Next":"Return"}] Default "Unreachable parcel.kind"
Tick #2: Task {} Output "$height" -> end
Unreachable parcel.kind: Fail Error "Sfn.UnknownVariant" Cause "\"Kind: \" & $string($kind)"
Return: Succeed
"#,
        ),
        (
            "read_at_the_end",
            read_at_the_end::definition,
            r#"
start if
if: Choice Choices [{"Condition":"$states.input.size[0] > 3","Next":"Fail TooLarge"}] Assign {"parcel_id":"$states.input.parcelId"} Default "Tick"
Fail TooLarge: Fail Error "TooLarge" Cause "$states.input.parcelId & \" is too large\""
Tick: Task {} -> Fail Small
Fail Small: Fail Error "Small" Cause "$parcel_id & \" is small\""
"#,
        ),
        (
            "shared_name",
            shared_name::definition,
            r#"
start match parcel.kind
match parcel.kind: Choice Choices [{"Condition":"$states.input.kind.type = \"Box\" and $states.input.kind.height > 3","Assign":{"height":"$states.input.kind.height","label":"$exists($states.input.kind.label) and $states.input.kind.label != null ? $states.input.kind.label : \"none\""},"Next":"Tick"},{"Condition":"$states.input.kind.type = \"Box\"","Assign":{"height":"$states.input.kind.height","label":"$exists($states.input.kind.label) and $states.input.kind.label != null ? $states.input.kind.label : \"none\""},"Next":"Say"},{"Condition":"$states.input.kind.type = \"Letter\"","Output":"\"letter\"","Next":"Return"}] Default "Unreachable parcel.kind"
Tick: Task {} Output "$string($height) & \" \" & $label" -> end
Say: Task "$string($height)" Assign {"height":"$states.result.Payload"} -> Tick #2
Tick #2: Task {} -> Say #2
Say #2: Task "$label" -> Tick #3
Tick #3: Task {} Output "$height" -> end
Unreachable parcel.kind: Fail Error "Sfn.UnknownVariant" Cause "\"Kind: \" & $string($states.input.kind)"
Return: Succeed
"#,
        ),
        (
            "two_defaults",
            two_defaults::definition,
            r#"
start Tick
Tick: Task {} Assign {"note":"$exists($states.input.note) ? $states.input.note : null"} -> Say
Say: Task "$note != null ? $note : \"a\"" Output ["$states.result.Payload","$note != null ? $note : \"b\""] -> end
"#,
        ),
        (
            "matched_values",
            matched_values::definition,
            r#"
start Look
Look: Task "$states.input" Assign {"text":"$states.input","kind":"$states.result.Payload"} -> match kind
match kind: Choice Choices [{"Condition":"$kind.type = \"Box\" and $exists($kind.label) and $kind.label != null","Next":"Say"},{"Condition":"$kind.type = \"Box\"","Next":"Look #2"},{"Condition":"$kind.type = \"Letter\"","Output":"\"x\"","Next":"Return"}] Default "Unreachable kind #2"
Say: Task "$kind.label" Output "$states.result.Payload" -> end
Look #2: Task "$string($kind.height)" Assign {"kind":"$states.result.Payload"} -> match kind #2
match kind #2: Choice Choices [{"Condition":"$kind.type = \"Letter\"","Output":"$text","Next":"Return text"},{"Condition":"$kind.type = \"Box\"","Next":"Look #3"}] Default "Unreachable kind"
Look #3: Task "$text" Assign {"m1":"$states.result.Payload"} -> match m1
match m1: Choice Choices [{"Condition":"$m1.type = \"Letter\"","Next":"Fail Letter"},{"Condition":"$m1.type = \"Box\"","Next":"if other"}] Default "Unreachable m1"
Fail Letter: Fail Error "Letter" Cause "expected a box"
if other: Choice Choices [{"Condition":"$kind.type = \"Box\" and $exists($kind.label) and $kind.label != null","Next":"Say #2"}] Default "Say #3"
Say #2: Task "$kind.label" -> Say #3
Say #3: Task "$string($m1.height)" Output "$states.result.Payload" -> end
Unreachable m1: Fail Error "Sfn.UnknownVariant" Cause "\"Kind: \" & $string($m1)"
Unreachable kind: Fail Error "Sfn.UnknownVariant" Cause "\"Kind: \" & $string($kind)"
Unreachable kind #2: Fail Error "Sfn.UnknownVariant" Cause "\"Kind: \" & $string($kind)"
Return: Succeed
Return text: Succeed
"#,
        ),
        (
            "changed_subject",
            changed_subject::definition,
            r#"
start Look
Look: Task "$states.input" Assign {"kind":"$states.result.Payload"} -> match kind
match kind: Choice Choices [{"Condition":"$kind.type = \"Box\" and $exists($kind.label) and $kind.label != null","Assign":{"height":"$kind.height","label":"$kind.label"},"Next":"Look #2"}] Default "Return"
Look #2: Task "$label" Assign {"kind":"$states.result.Payload"} -> Weigh
Weigh: Task "$kind" Assign {"height":"($r := $height + 1; $r <= 4294967295 ? $r : $error(\"u32 overflow in `height + 1`\"))"} -> Tick
Tick: Task {} -> Say
Say: Task "$label" Output "$string($height)" -> end
Return: Succeed Output "\"other\""
"#,
        ),
        (
            "counters",
            counters::definition,
            r#"
start init
init: Pass Assign {"text":"$states.input","wide":"0 + 1","steps":"5 + 7 + 7","doubled":"($r := 1 * 2; $r <= 4294967295 ? $r : $error(\"u32 overflow in `doubled * 2`\"))","fast":"($r := 0 + 15; $r <= 4294967295 ? $r : $error(\"u32 overflow in `fast + 15`\"))","signed":"0 - 7","narrow":"($r := 0 + 1; $r <= 255 ? $r : $error(\"u8 overflow in `narrow + 1`\"))","short":"($r := 0 + 1; $r <= 65535 ? $r : $error(\"u16 overflow in `short + 1`\"))","left":"($r := 9 - 1; $r >= 0 ? $r : $error(\"u32 overflow in `left - 1`\"))","exact":"0 + 1"} -> Tick
Tick: Task {} -> if
if: Choice Choices [{"Condition":"$left = 0 or $steps > 100 or $doubled > 9 or $fast > 100 or $signed < -30 or $exact > 90","Next":"Say"}] Assign {"wide":"$wide + 1","steps":"$steps + 7 + 7","doubled":"($r := $doubled * 2; $r <= 4294967295 ? $r : $error(\"u32 overflow in `doubled * 2`\"))","fast":"($r := $fast + 15; $r <= 4294967295 ? $r : $error(\"u32 overflow in `fast + 15`\"))","signed":"$signed - 7","narrow":"($r := $narrow + 1; $r <= 255 ? $r : $error(\"u8 overflow in `narrow + 1`\"))","short":"($r := $short + 1; $r <= 65535 ? $r : $error(\"u16 overflow in `short + 1`\"))","left":"($r := $left - 1; $r >= 0 ? $r : $error(\"u32 overflow in `left - 1`\"))","exact":"$exact + 1"} Default "Tick"
Say: Task "$text" Assign {"said":"$states.result.Payload","steps":3} -> if #2
if #2: Choice Choices [{"Condition":"$said = \"\"","Output":["$wide","$narrow","$short"],"Next":"Return"}] Assign {"wide":"$wide + 1","steps":"$steps + 7 + 7","doubled":"($r := $doubled * 2; $r <= 4294967295 ? $r : $error(\"u32 overflow in `doubled * 2`\"))","fast":"($r := $fast + 15; $r <= 4294967295 ? $r : $error(\"u32 overflow in `fast + 15`\"))","signed":"$signed - 7","narrow":"($r := $narrow + 1; $r <= 255 ? $r : $error(\"u8 overflow in `narrow + 1`\"))","short":"($r := $short + 1; $r <= 65535 ? $r : $error(\"u16 overflow in `short + 1`\"))","left":"($r := $left - 1; $r >= 0 ? $r : $error(\"u32 overflow in `left - 1`\"))","exact":"$exact + 1"} Default "Tick"
Return: Succeed
"#,
        ),
        (
            "commented",
            commented::definition,
            r#"
start Say
Say: Comment "Says it once, and once more." Task "$states.input" Assign {"said":"$states.result.Payload"} -> Long enough?
Long enough?: Comment "The text is empty or it is not." Choice Choices [{"Condition":"$said = \"\"","Next":"Fail Silence"}] Default "Return said"
Fail Silence: Comment "Nothing was said." Fail Error "Silence" Cause "nothing"
Return said: Comment "What was said." Succeed Output "$said"
"#,
        ),
    ];
    let mut stale = Vec::new();
    for (name, definition, expected) in cases {
        let (made, expected) = (outline(definition().unwrap().document()), expected.trim_matches('\n'));
        if made != expected {
            stale.push(format!("{name} made\n{made}\nexpected\n{expected}"));
        }
    }
    assert!(stale.is_empty(), "{}", stale.join("\n\n"));
}
