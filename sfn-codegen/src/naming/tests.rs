use super::*;

#[track_caller]
fn check(text: &str, as_type: &str, as_value: &str) {
    assert_eq!(type_name(text, "State"), as_type, "the type name of {text:?}");
    assert_eq!(value_name(text, "state"), as_value, "the value name of {text:?}");
    for name in [type_name(text, "State"), value_name(text, "state")] {
        assert!(syn::parse_str::<syn::Ident>(&name).is_ok(), "{name:?} is an identifier");
    }
}

#[test]
fn words_follow_punctuation_and_capitals() {
    check("Resize Image", "ResizeImage", "resize_image");
    check("resize-image", "ResizeImage", "resize_image");
    check("resizeImage", "ResizeImage", "resize_image");
    check("RESIZE_IMAGE", "ResizeImage", "resize_image");
    check("HTTPRequest", "HttpRequest", "http_request");
    check("S3Upload", "S3Upload", "s3_upload");
    check("Wait for 2 seconds", "WaitFor2Seconds", "wait_for_2_seconds");
    check("v1.2", "V1_2", "v1_2");
    check("Is it > 10?", "IsIt10", "is_it_10");
    check("${AnalysisAudioLambda.Arn}", "AnalysisAudioLambdaArn", "analysis_audio_lambda_arn");
}

#[test]
fn keywords_are_no_names() {
    check("type", "Type", "type_");
    check("Self", "Self_", "self_");
    check("async", "Async", "async_");
    check("gen", "Gen", "gen_");
    check("crate", "Crate", "crate_");
    check("union", "Union", "union");
}

#[test]
fn digits_first_and_nothing_left_take_the_fallback() {
    check("1st", "State1st", "state_1st");
    check("2__a++", "State2A", "state_2_a");
    check("", "State", "state");
    check("==", "State", "state");
    check(" ", "State", "state");
    check("🚀", "State", "state");
}

#[test]
fn letters_beyond_ascii_stay_where_rustc_has_no_complaint() {
    check("状態", "状態", "状態");
    check("画像を確認", "画像を確認", "画像を確認");
    check("상태", "상태", "상태");
    check("Validação", "Validação", "validação");
    check("Größe prüfen", "GrößePrüfen", "größe_prüfen");
    check("Cafe\u{301}", "Cafe", "cafe");
    check("一", "U4e00", "u4e00");
    check("一覧", "一覧", "一覧");
    check("Заказ", "U0417u0430u043au0430u0437", "u0417u0430u043au0430u0437");
    check("Æther", "U00c6ther", "u00c6ther");
}

#[test]
fn one_name_for_two_texts_is_numbered() {
    let names = |wanted: &[&str], reserved: &[&str]| distinct(wanted.iter().map(|w| (*w).into()).collect(), reserved);
    assert_eq!(names(&["Pay", "Pay", "Pay"], &[]), ["Pay", "Pay2", "Pay3"]);
    assert_eq!(names(&["Pay", "Pay", "Pay2"], &[]), ["Pay", "Pay3", "Pay2"]);
    assert_eq!(names(&["pay_now", "pay_now"], &[]), ["pay_now", "pay_now_2"]);
    assert_eq!(names(&["Step1", "Step1"], &[]), ["Step1", "Step1_2"]);
    assert_eq!(names(&["type_", "type_"], &[]), ["type_", "type2"]);
    assert_eq!(names(&["bind", "bind"], &["bind"]), ["bind_2", "bind_3"]);
    assert_eq!(names(&["状態", "状態"], &[]), ["状態", "状態_2"]);
}

#[test]
fn a_thousand_equal_names_are_quick() {
    let names = distinct(vec!["state".to_owned(); 20_000], &[]);
    assert_eq!(names.last().map(String::as_str), Some("state_20000"));
}
