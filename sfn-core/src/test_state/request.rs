//! A request as the API carries it: an object of texts.

use sfn_asl::value::Value;

use super::{
    ErrorOutput, FieldValidationMode, InspectionLevel, Mock, StateConfiguration, TestStateError, TestStateRequest,
};

impl<'a> TestStateRequest<'a> {
    /// Reads the arguments of the API's TestState; members it does not have are left alone. Clock, seed and caller are
    /// not among them.
    ///
    /// Fails as the API does when a member has another type than the API says, or is none of the values it lists.
    pub fn from_arguments(arguments: &'a Value) -> Result<Self, TestStateError> {
        if arguments.as_object().is_none() {
            return Err(TestStateError::validation("The request must be a JSON object."));
        }
        let members = Members { object: arguments, path: "" };
        let mock = members.object("mock")?.map(|mock| Self::mock(&mock)).transpose()?;
        let configuration = members.object("stateConfiguration")?.map(|members| Self::configuration(&members));
        Ok(TestStateRequest {
            definition: members.text("definition")?.ok_or_else(|| members.missing("definition"))?,
            state_name: members.text("stateName")?,
            role_arn: members.text("roleArn")?,
            input: members.text("input")?,
            inspection_level: members.choice("inspectionLevel", &LEVELS)?,
            reveal_secrets: members.flag("revealSecrets")?,
            variables: members.text("variables")?,
            mock,
            context: members.text("context")?,
            state_configuration: configuration.transpose()?.unwrap_or_default(),
            ..TestStateRequest::default()
        })
    }

    fn mock(members: &Members<'a>) -> Result<Mock<'a>, TestStateError> {
        let error_output = members.object("errorOutput")?;
        let error_output = error_output
            .map(|members| Ok(ErrorOutput { error: members.text("error")?, cause: members.text("cause")? }));
        Ok(Mock {
            result: members.text("result")?,
            error_output: error_output.transpose()?,
            field_validation_mode: members.choice("fieldValidationMode", &MODES)?,
        })
    }

    fn configuration(members: &Members<'a>) -> Result<StateConfiguration<'a>, TestStateError> {
        Ok(StateConfiguration {
            retrier_retry_count: members.number("retrierRetryCount")?,
            error_caused_by_state: members.text("errorCausedByState")?,
            map_iteration_failure_count: members.number("mapIterationFailureCount")?.map(u64::from),
            map_item_reader_data: members.text("mapItemReaderData")?,
        })
    }
}

const LEVELS: [(&str, InspectionLevel); 3] =
    [("INFO", InspectionLevel::Info), ("DEBUG", InspectionLevel::Debug), ("TRACE", InspectionLevel::Trace)];

const MODES: [(&str, FieldValidationMode); 3] = [
    ("STRICT", FieldValidationMode::Strict),
    ("PRESENT", FieldValidationMode::Present),
    ("NONE", FieldValidationMode::None),
];

/// The members of an object of the request; `null` is as good as none.
struct Members<'a> {
    object: &'a Value,
    path: &'static str,
}

impl<'a> Members<'a> {
    fn get(&self, name: &str) -> Option<&'a Value> {
        self.object.get(name).filter(|value| !value.is_null())
    }

    fn object(&self, name: &'static str) -> Result<Option<Members<'a>>, TestStateError> {
        match self.get(name) {
            Some(value) if value.as_object().is_none() => Err(self.wrong_type(name, "an object")),
            value => Ok(value.map(|object| Members { object, path: name })),
        }
    }

    fn text(&self, name: &str) -> Result<Option<&'a str>, TestStateError> {
        self.get(name).map(|value| value.as_str().ok_or_else(|| self.wrong_type(name, "a string"))).transpose()
    }

    fn flag(&self, name: &str) -> Result<bool, TestStateError> {
        self.get(name).map_or(Ok(false), |value| value.as_bool().ok_or_else(|| self.wrong_type(name, "a boolean")))
    }

    fn number(&self, name: &str) -> Result<Option<u32>, TestStateError> {
        let Some(value) = self.get(name) else { return Ok(None) };
        let number = value.as_i64().ok_or_else(|| self.wrong_type(name, "an integer"))?;
        let least = || self.constraint(name, value, "Member must have value greater than or equal to 0");
        u32::try_from(number).map(Some).map_err(|_| least())
    }

    fn choice<T: Copy + Default>(&self, name: &str, choices: &[(&str, T)]) -> Result<T, TestStateError> {
        let Some(text) = self.text(name)? else { return Ok(T::default()) };
        let found = choices.iter().find(|(choice, _)| *choice == text);
        found.map(|(_, choice)| *choice).ok_or_else(|| {
            let names: Vec<_> = choices.iter().map(|(choice, _)| *choice).collect();
            let expected = format!("Member must satisfy enum value set: [{}]", names.join(", "));
            self.constraint(name, &Value::from(text), &expected)
        })
    }

    fn place(&self, name: &str) -> String {
        if self.path.is_empty() { name.to_owned() } else { format!("{}.{name}", self.path) }
    }

    fn missing(&self, name: &str) -> TestStateError {
        let place = self.place(name);
        TestStateError::validation(format!(
            "1 validation error detected: Value null at '{place}' failed to satisfy constraint: Member must not be null"
        ))
    }

    fn constraint(&self, name: &str, value: &Value, expected: &str) -> TestStateError {
        let (place, value) = (self.place(name), value.as_str().map_or_else(|| value.to_json(), str::to_owned));
        TestStateError::validation(format!(
            "1 validation error detected: Value '{value}' at '{place}' failed to satisfy constraint: {expected}"
        ))
    }

    fn wrong_type(&self, name: &str, expected: &str) -> TestStateError {
        TestStateError::validation(format!("'{}' must be {expected}", self.place(name)))
    }
}
