. "$PSScriptRoot/adsync.ps1"
Write-EngineAnswer -List {
    $entra = Get-EntraConnector
    # The engine lists the errors of its last export; each object has the details.
    $lastExport = $null
    foreach ($run in Get-ADSyncRunProfileResult -NumberRequested 200) {
        if ("$($run.ConnectorName)" -eq "$($entra.Name)" -and "$($run.RunProfileName)" -match 'Export') { $lastExport = $run; break }
    }
    if ($null -eq $lastExport) { return }
    foreach ($step in Get-ADSyncRunStepResult -RunHistoryId $lastExport.RunHistoryId) {
        $text = "$($step.SyncErrors.SyncErrorsXml)"
        if ($text -eq '') { continue }
        foreach ($listed in ([xml]$text).SelectNodes('//export-error')) {
            $id = $listed.GetAttribute('cs-guid').Trim('{', '}')
            $object = Get-ADSyncCSObject -Identifier $id
            $exportError = $object.ExportError
            $details = foreach ($detail in @("$($exportError.ErrorExtraDetails)" | Where-Object { $_ -ne '' } | ConvertFrom-Json)) {
                foreach ($pair in $detail) { @{ Key = [string]$pair.Key; Value = [object[]]@($pair.Value | ForEach-Object { [string]$_ }) } }
            }
            $retries = 0
            $null = [int]::TryParse("$($listed.SelectSingleNode('retry-count').InnerText)", [ref]$retries)
            @{
                csObjectId                    = $id
                connectorName                 = [string]$entra.Name
                distinguishedName             = [string]$object.DistinguishedName
                objectType                    = "$($object.ObjectType)".ToLowerInvariant()
                sourceAnchor                  = [string](Get-AnchorOfName $object.DistinguishedName)
                onPremisesDistinguishedName   = Format-Text (@(Get-AttributeValues $object 'onPremisesDistinguishedName')[0])
                errorType                     = [string]$listed.SelectSingleNode('error-type').InnerText
                errorCode                     = Format-Text $exportError.ErrorCode
                errorMessage                  = "$($exportError.ErrorDescription)$($exportError.ServerErrorDetail)"
                extraDetails                  = [object[]]@($details | Where-Object { $null -ne $_ })
                dateOccurred                  = Format-Time $listed.SelectSingleNode('date-occurred').InnerText
                firstOccurred                 = Format-Time $listed.SelectSingleNode('first-occurred').InnerText
                retryCount                    = $retries
                displayName                   = Format-Text (@(Get-AttributeValues $object 'displayName')[0])
            }
        }
    }
}
