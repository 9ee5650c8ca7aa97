//! What the API server's audit log says about the operator.

use crate::harness::state;
use anyhow::{Context, Result};
use serde_json::Value;
use std::io::{BufRead, BufReader, Seek, SeekFrom};

/// A place in the log, from which on requests count.
pub(crate) struct Mark(u64);

/// A request that the operator made; printed where there should be none.
#[derive(Debug)]
#[allow(dead_code, reason = "what is only printed")]
pub(crate) struct Request {
    pub(crate) verb: String,
    /// With its subresource.
    pub(crate) resource: String,
    pub(crate) name: String,
    /// Names the replica.
    pub(crate) agent: String,
}

fn log() -> Result<std::fs::File> {
    Ok(std::fs::File::open(state().context("no cluster")?.join("audit.log"))?)
}

impl Mark {
    pub(crate) fn now() -> Result<Self> {
        Ok(Self(log()?.metadata()?.len()))
    }

    /// The requests of the operator's account since then, but for watches and the lease.
    pub(crate) fn requests(&self) -> Result<Vec<Request>> {
        let mut log = log()?;
        log.seek(SeekFrom::Start(self.0))?;
        let mut requests = Vec::new();
        for line in BufReader::new(log).lines() {
            // The last line may be half written.
            let Ok(event) = serde_json::from_str::<Value>(&line?) else { continue };
            let text = |pointer: &str| {
                event.pointer(pointer).and_then(Value::as_str).unwrap_or_default().to_owned()
            };
            let is_ours = text("/user/username")
                == "system:serviceaccount:streams-k8s-operator:streams-k8s-operator";
            let (verb, resource) = (text("/verb"), text("/objectRef/resource"));
            if is_ours && verb != "watch" && resource != "leases" {
                let subresource = text("/objectRef/subresource");
                let resource = if subresource.is_empty() {
                    resource
                } else {
                    format!("{resource}/{subresource}")
                };
                requests.push(Request {
                    verb,
                    resource,
                    name: text("/objectRef/name"),
                    agent: text("/userAgent"),
                });
            }
        }
        Ok(requests)
    }

    /// Those that write.
    pub(crate) fn writes(&self) -> Result<Vec<Request>> {
        let is_write = |request: &Request| !["get", "list"].contains(&request.verb.as_str());
        Ok(self.requests()?.into_iter().filter(is_write).collect())
    }
}
