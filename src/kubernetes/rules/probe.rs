//! Probes, and the handlers that lifecycle hooks share with them.

use super::super::finding::Findings;
use super::super::names;
use super::super::place::Place;
use super::constraint::{between, exactly_one, not_negative};
use crate::problem::Code;
use crate::value::Value;

/// `validateProbe`. Zero is as an absent field, which `SetDefaults_Probe` fills.
pub(super) fn check(probe: &Place<'_>, only_one_success: bool, findings: &mut Findings) {
    exactly_one(probe, &["exec", "httpGet", "tcpSocket", "grpc"], "handler", findings);
    handler(probe, findings);
    for field in [
        "initialDelaySeconds",
        "timeoutSeconds",
        "periodSeconds",
        "successThreshold",
        "failureThreshold",
    ] {
        not_negative(probe.field(field), findings);
    }
    if only_one_success
        && let Some(threshold) = probe.field("successThreshold")
        && threshold.node.as_i64().is_some_and(|number| number > 1)
    {
        findings.add(Code::InvalidProbe, &threshold, "must be 1 for liveness and startup probes");
    }
    if let Some(grace) = probe.field("terminationGracePeriodSeconds") {
        if only_one_success {
            between(Some(grace), 1, i64::MAX, findings);
        } else {
            findings.add(Code::InvalidProbe, &grace, "cannot be given for readiness probes");
        }
    }
}

/// `validateExecAction`, `validateHTTPGetAction`, `validateTCPSocketAction`, `validateGRPCAction`.
pub(super) fn handler(place: &Place<'_>, findings: &mut Findings) {
    if let Some(exec) = place.field("exec")
        && exec
            .field("command")
            .is_none_or(|command| command.node.as_list().is_some_and(<[_]>::is_empty))
    {
        findings.missing(&exec, "command", "`command` is required");
    }
    if let Some(http) = place.field("httpGet") {
        port(http.field("port"), findings);
        super::constraint::one_of(http.field("scheme"), &["HTTP", "HTTPS"], findings);
        for header in http.field("httpHeaders").iter().flat_map(Place::items) {
            super::constraint::named(
                header.field("name"),
                Code::InvalidName,
                names::http_header,
                findings,
            );
        }
    }
    if let Some(socket) = place.field("tcpSocket") {
        port(socket.field("port"), findings);
    }
    if let Some(grpc) = place.field("grpc") {
        between(grpc.field("port"), 1, 65535, findings);
    }
}

/// `ValidatePortNumOrName`.
fn port(place: Option<Place<'_>>, findings: &mut Findings) {
    let Some(place) = place else { return };
    match &place.node.value {
        Value::String(name) => {
            if let Err(rule) = names::port(name) {
                let help = if name.bytes().all(|b| b.is_ascii_digit()) && !name.is_empty() {
                    "write the number without quotes"
                } else {
                    "give a number, or the name of one of the container's ports"
                };
                findings.add_with_help(
                    Code::InvalidName,
                    &place,
                    format!("the port's name {rule}"),
                    help,
                );
            }
        }
        _ => between(Some(place), 1, 65535, findings),
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::at;
    use crate::problem::Code;
    use serde_json::{Value as Json, json};

    fn probe(more: &Json) -> Json {
        let mut probe = json!({"tcpSocket": {"port": 80}});
        probe.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        probe
    }

    #[test]
    fn thresholds() {
        let (liveness, readiness) = (
            "/spec/template/spec/containers/0/livenessProbe",
            "/spec/template/spec/containers/0/readinessProbe",
        );
        at(
            liveness,
            &[probe(&json!({"periodSeconds": 0})), probe(&json!({"successThreshold": 1}))],
            Code::InvalidProbe,
            &[probe(&json!({"successThreshold": 2}))],
        );
        at(
            readiness,
            &[probe(&json!({"successThreshold": 2}))],
            Code::InvalidProbe,
            &[probe(&json!({"terminationGracePeriodSeconds": 1}))],
        );
        at(
            liveness,
            &[],
            Code::OutOfRange,
            &[
                probe(&json!({"periodSeconds": -1})),
                probe(&json!({"terminationGracePeriodSeconds": 0})),
            ],
        );
    }

    #[test]
    fn handlers() {
        let probe = "/spec/template/spec/containers/0/readinessProbe";
        at(
            probe,
            &[
                json!({"exec": {"command": ["a"]}}),
                json!({"httpGet": {"port": "http", "scheme": "HTTPS"}}),
                json!({"grpc": {"port": 1, "service": ""}}),
            ],
            Code::MissingField,
            &[
                json!({}),
                json!({"exec": {}}),
                json!({"exec": {"command": []}}),
                json!({"httpGet": {}}),
            ],
        );
        at(
            probe,
            &[],
            Code::ConflictingFields,
            &[json!({"grpc": {"port": 1}, "tcpSocket": {"port": 1}})],
        );
        at(
            probe,
            &[],
            Code::InvalidName,
            &[json!({"tcpSocket": {"port": "80"}}), json!({"tcpSocket": {"port": "a_b"}})],
        );
        at(
            probe,
            &[],
            Code::OutOfRange,
            &[json!({"tcpSocket": {"port": 0}}), json!({"grpc": {"port": 65536}})],
        );
        at(
            probe,
            &[],
            Code::UnsupportedValue,
            &[json!({"httpGet": {"port": 1, "scheme": "http"}})],
        );
    }

    #[test]
    fn hooks() {
        let hook = "/spec/template/spec/containers/0/lifecycle/preStop";
        at(
            hook,
            &[json!({"sleep": {"seconds": 30}}), json!({"sleep": {}})],
            Code::OutOfRange,
            &[json!({"sleep": {"seconds": 31}}), json!({"sleep": {"seconds": -1}})],
        );
    }
}
