//! Body and document agree, whichever bin fits.

use super::*;

fn query(bins: &[&str]) -> Query {
    Query { need: 5, bins: bins.iter().map(|bin| (*bin).to_owned()).collect() }
}

#[tokio::test]
async fn the_first_bin_that_fits_is_taken() {
    let run = warehouse("b").run(first_fit, query(&["a", "b", "c"])).await;
    assert_eq!(run.assert_succeeded(), &Fit { bin: Some("b".into()), tried: 2 });
    run.assert_calls(try_bin, 2)
        .assert_path(["init", "for bin", "TryBin", "if ok", "for bin", "TryBin", "if ok", "Return"]);
}

#[tokio::test]
async fn no_bin_fits() {
    let run = warehouse("z").run(first_fit, query(&["a", "b", "c"])).await;
    assert_eq!(run.assert_succeeded(), &Fit { bin: None, tried: 3 });
    assert_eq!(run.path().last(), Some(&"Return none"));
}

#[tokio::test]
async fn there_is_no_bin() {
    let run = warehouse("a").run(first_fit, query(&[])).await;
    assert_eq!(run.assert_succeeded(), &Fit { bin: None, tried: 0 });
    run.assert_calls(try_bin, 0).assert_path(["init", "for bin", "Return none"]);
}

#[tokio::test]
async fn there_is_one_bin() {
    for (fits, bin) in [("a", Some("a")), ("b", None)] {
        let run = warehouse(fits).run(first_fit, query(&["a"])).await;
        assert_eq!(run.assert_succeeded(), &Fit { bin: bin.map(str::to_owned), tried: 1 });
    }
}

#[tokio::test]
async fn bins_are_tried_in_order_with_what_is_needed() {
    let mut expected = ["a", "b", "c"].into_iter();
    let env = warehouse("z").mock(try_bin, move |(bin, need)| {
        assert_eq!((Some(bin.as_str()), need), (expected.next(), 5));
        Ok(false)
    });
    env.run(first_fit, query(&["a", "b", "c"])).await.assert_succeeded();
}

#[tokio::test]
async fn a_bin_that_cannot_be_tried_ends_the_search() {
    let env = warehouse("c").mock(try_bin, |(bin, _)| match bin.as_str() {
        "b" => Err(sfn::Error::new("Jammed", "b does not open")),
        _ => Ok(false),
    });
    let run = env.run(first_fit, query(&["a", "b", "c"])).await;
    run.assert_failed("Jammed").assert_calls(try_bin, 2);
}

#[tokio::test]
async fn the_program_runs() {
    run().await.unwrap();
}
