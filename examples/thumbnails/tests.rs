//! Body and document agree, for no image, one and many, and whichever fails.

use sfn::testing::{Env, after, env, secs};

use super::*;

/// Each image takes a second.
fn all_is_well() -> Env {
    env().mock(resize, |(key, index): (String, usize)| {
        after(secs(1), Ok(Thumbnail { key: format!("{index}-{key}"), bytes: 1_000 + index as u64 }))
    })
}

fn many(count: usize) -> Album {
    let keys: Vec<String> = (0..count).map(|index| format!("{index}.png")).collect();
    album(&keys.iter().map(String::as_str).collect::<Vec<_>>())
}

#[tokio::test]
async fn an_album_of_any_size() {
    for (count, bytes, seconds) in [(0, 0, 0), (1, 1_000, 1), (2, 2_001, 1), (10, 10_045, 1), (11, 11_055, 2)] {
        let run = all_is_well().run(thumbs, many(count)).await;
        assert_eq!(run.assert_succeeded(), &Summary { bucket: "photos".into(), count, bytes }, "{count} images");
        run.assert_calls(resize, count);
        assert_eq!(run.elapsed(), secs(seconds), "{count} images");
    }
}

#[tokio::test]
async fn an_image_that_fails_stops_the_others() {
    let env = all_is_well().mock(resize, |(key, index): (String, usize)| match index {
        3 => after(secs(1), Err(sfn::Error::new("NoImage", key))),
        _ => after(secs(2), Ok(Thumbnail { key, bytes: 1 })),
    });
    let run = env.run(thumbs, many(30)).await;
    run.assert_failed("NoImage").assert_calls(resize, 10);
    assert_eq!(run.elapsed(), secs(1));
}

#[tokio::test]
async fn errors_of_the_lambda_service_are_retried_for_the_image_alone() {
    let mut first = true;
    let env = all_is_well().mock(resize, move |(key, index): (String, usize)| {
        if index == 1 && std::mem::take(&mut first) {
            return after(secs(0), Err(sfn::Error::new("Lambda.TooManyRequestsException", "slow down")));
        }
        after(secs(1), Ok(Thumbnail { key, bytes: 5 }))
    });
    let run = env.run(thumbs, many(3)).await;
    assert_eq!(run.assert_succeeded().bytes, 15);
    run.assert_calls(resize, 4);
    // The upper bound of the jitter, then the second attempt.
    assert_eq!(run.elapsed(), secs(2));
}

#[tokio::test]
async fn sizes_that_cannot_be_summed_end_the_workflow() {
    let env = all_is_well().mock(resize, |(key, _)| Ok(Thumbnail { key, bytes: (1 << 53) - 1 }));
    env.run(thumbs, many(2)).await.assert_failed("States.QueryEvaluationError");
}

#[tokio::test]
async fn the_program_runs() {
    run(album(&["cat.png", "dog.png"])).await.unwrap();
    run(album(&["notes.txt"])).await.unwrap();
}
